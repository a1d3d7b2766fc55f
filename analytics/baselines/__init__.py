"""What a subject should have used: models of use by calendar and weather, behind one interface."""
