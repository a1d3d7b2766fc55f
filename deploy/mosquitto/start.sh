#!/bin/sh
# start.sh CONFIG RUN [ACCOUNTS]: put together what the broker goes by in the folder RUN, then become it.
# ACCOUNTS is a folder of files made for this installation. Those that are there are used in place, so that
# SIGHUP reads them again; without them two accounts are made whose passwords come from the environment,
# MQTT_COLLECTOR_PASSWORD and MQTT_DEVICES_PASSWORD.
set -eu
umask 077
config=$1 run=$2 accounts=${3:-/nowhere}
own=$(dirname "$0")
rm -rf "$run/conf.d"
mkdir -p "$run/conf.d"

if [ -e "$accounts/passwords" ] && [ -e "$accounts/acl" ]; then
  ln -sf "$accounts/passwords" "$run/passwords"
  ln -sf "$accounts/acl" "$run/acl"
elif [ -e "$accounts/passwords" ] || [ -e "$accounts/acl" ]; then
  # Either alone would let devices in that may do nothing, or everything.
  echo "passwords and acl must both be in $accounts, got one of them" >&2
  exit 1
else
  for password in "$MQTT_COLLECTOR_PASSWORD" "$MQTT_DEVICES_PASSWORD"; do
    case $password in
      # mosquitto_passwd would take what comes before a colon for the whole, a line break for another account.
      "" | *:* | *[[:cntrl:]]*)
        echo "a password must have a character, no colon and no control character, got another" >&2
        exit 1 ;;
    esac
  done
  printf 'collector:%s\ndevices:%s\n' "$MQTT_COLLECTOR_PASSWORD" "$MQTT_DEVICES_PASSWORD" > "$run/passwords"
  mosquitto_passwd -U "$run/passwords"
  ln -sf "$(realpath "$own/acl")" "$run/acl"
fi
if [ -e "$accounts/server.key" ]; then
  ln -sf "$(realpath "$own/tls.conf")" "$run/conf.d/tls.conf"
fi
exec mosquitto -c "$config"
