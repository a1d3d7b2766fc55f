"""Cases: people's work on alerts and findings, from first sign to closed rectification."""
