"""The door for the retailer's own programs: JSON over HTTP, described by OpenAPI, refusing with RFC 9457 problems."""
