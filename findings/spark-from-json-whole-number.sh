#!/usr/bin/env bash
# JSON has one kind of number, and some writers write each of them with a fraction: 44.0. Spark's from_json reads it as null in a field of
# type int or bigint, like 4.4e1. Reading the field as a text does not help: it is "44.0" for both, and try_cast of that to int is null, too.
# A variant has the number: try_variant_get(try_parse_json(value), '$.age', 'int') is 44 for each, and for "44" in quotes. So is a
# cast of the double.
#
# Seen on Linux x64 with Java 17; needs Java, Python 3.10 or newer; exits with 1 when the version behaves differently:
EXPECTED='pyspark 4.2.0
44: int 44, bigint 44, string 44, try_cast of the string 44, cast of the double 44, variant 44
44.0: int None, bigint None, string 44.0, try_cast of the string None, cast of the double 44, variant 44
4.4e1: int None, bigint None, string 44.0, try_cast of the string None, cast of the double 44, variant 44
"44": int None, bigint None, string 44, try_cast of the string 44, cast of the double None, variant 44'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.2.0

cat >program.py <<'END'
import pyspark
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
print("pyspark", pyspark.__version__)


def age(of):
    return f"from_json(value, 'age {of}').age"


for text in ["44", "44.0", "4.4e1", '"44"']:
    rows = spark.createDataFrame([(f'{{"age":{text}}}',)], "value string")
    whole, big, string, of_string, of_double, variant = rows.selectExpr(
        age("int"),
        age("bigint"),
        age("string"),
        f"try_cast({age('string')} AS int)",
        f"CAST({age('double')} AS int)",
        "try_variant_get(try_parse_json(value), '$.age', 'int')",
    ).first()
    print(
        f"{text}: int {whole}, bigint {big}, string {string}, try_cast of the string {of_string}, "
        f"cast of the double {of_double}, variant {variant}"
    )
END

seen=$(SPARK_LOCAL_IP=127.0.0.1 venv/bin/python program.py 2>/dev/null)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
