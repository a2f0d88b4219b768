"""What goes over the wire: requests and answers, field by field. Requests refuse fields they do not know."""
