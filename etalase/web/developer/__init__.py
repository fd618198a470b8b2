"""For developers: their apps, the consent of sellers, and the reference of the Open API."""
