"""What lies inside archives and mails, taken out and sent home."""
