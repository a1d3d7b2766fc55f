"""What carbon accounts keep in the record store: certificates of green power, evidence, factors used."""
