# Sourced by the scripts of this project: ends them with a plain sentence unless Maven will find a JDK of 17 or later. Sets
# $java. The rule for finding it is Maven's own: JAVA_HOME if it is set, else the path.

require_jdk() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java="$JAVA_HOME/bin/java"
    javac="$JAVA_HOME/bin/javac"
    where="in JAVA_HOME ($JAVA_HOME)"
  else
    java=$(command -v java || true)
    javac=$(command -v javac || true)
    where="on the PATH"
  fi
  if [ ! -x "$java" ] || [ ! -x "$javac" ]; then
    echo "A JDK of version 17 or later is needed, and there is none $where: install one, or set JAVA_HOME to it." >&2
    exit 1
  fi
  # java -version may first say which options it picked up; versions before 9 begin with "1.".
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  major=$(printf '%s' "$version" | sed 's/^1\.//; s/[^0-9].*//')
  if [ "${major:-0}" -lt 17 ]; then
    echo "A JDK of version 17 or later is needed, and the one $where is ${version:-of unknown version}." >&2
    exit 1
  fi
}
