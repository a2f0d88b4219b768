"""PostgreSQL through Django's own backend, by connections that wait for no answer for ever."""
