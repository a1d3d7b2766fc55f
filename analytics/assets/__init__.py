"""What norms and use say of assets: beyond the norms, idle, the yearly score."""
