"""What every interface reads; visibility is applied here."""
