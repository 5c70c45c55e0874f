"""What changes: keys, reports of partners' programs, webhooks and their deliveries."""
