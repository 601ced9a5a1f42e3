"""The pages: the kiosk for the member, served by Flask from the device's stream and store."""
