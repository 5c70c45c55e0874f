"""Pages and addresses of "Nhận tin"."""
