#!/bin/sh
# start.sh CONFIG PASSWORDS: write the hashed passwords of both accounts, then become the broker.
# They come from the environment, MQTT_COLLECTOR_PASSWORD and MQTT_DEVICES_PASSWORD.
set -eu
umask 077
printf 'collector:%s\ndevices:%s\n' "$MQTT_COLLECTOR_PASSWORD" "$MQTT_DEVICES_PASSWORD" > "$2"
mosquitto_passwd -U "$2"
exec mosquitto -c "$1"
