#!/usr/bin/env bash
# Spark's from_json reads the first object of a text and ignores all that follows: other text, a second object, even half of one. The column of
# corrupt records (columnNameOfCorruptRecord) stays null, mode=FAILFAST does not fail, and try_parse_json accepts the text, too. So records that
# were joined, or overwritten in part, lose data without a trace, while a missing brace is found.
#
# There is no option against it. JSON.parse and Python's json.loads refuse such a text.
#
# Seen on Linux x64 with Java 17; needs Java, Python 3.10 or newer; exits with 1 when the version behaves differently:
EXPECTED='pyspark 4.2.0
{"a":1} rubbish: a 1, corrupt None; FAILFAST 1; try_parse_json {"a":1}; json.loads error
{"a":1}{"a":2}: a 1, corrupt None; FAILFAST 1; try_parse_json {"a":1}; json.loads error
{"a":1}{"a":: a 1, corrupt None; FAILFAST 1; try_parse_json {"a":1}; json.loads error
{"a":1: a None, corrupt {"a":1; FAILFAST error; try_parse_json None; json.loads error'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.2.0

cat >program.py <<'END'
import json

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
print("pyspark", pyspark.__version__)


def attempt(read):
    try:
        return read()
    except Exception:
        return "error"


def parse(text, schema, **options):
    rows = spark.createDataFrame([(text,)], "value string")
    return rows.select(f.from_json("value", schema, options).alias("record")).select("record.*").first()


for text in ['{"a":1} rubbish', '{"a":1}{"a":2}', '{"a":1}{"a":', '{"a":1']:
    a, corrupt = parse(text, "a int, corrupt string", columnNameOfCorruptRecord="corrupt")
    strict = attempt(lambda: parse(text, "a int", mode="FAILFAST").a)
    variant = spark.createDataFrame([(text,)], "value string").selectExpr("to_json(try_parse_json(value))").first()[0]
    python = attempt(lambda: json.loads(text))
    print(f"{text}: a {a}, corrupt {corrupt}; FAILFAST {strict}; try_parse_json {variant}; json.loads {python}")
END

seen=$(SPARK_LOCAL_IP=127.0.0.1 venv/bin/python program.py 2>/dev/null)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
