#!/usr/bin/env bash
# Spark's from_json refuses a number in quotes, {"minutes":"17.8"}: null, an error with FAILFAST. But it takes the quoted texts NaN, Infinity,
# +INF and -INF for numbers (not INF or nan), also with FAILFAST, and without quotes, where they are no JSON (RFC 8259, section 6). And NaN is greater than
# any other number in Spark, unlike in IEEE 754 and in nearly every language: so a condition such as minutes > 30 selects the record
# whose minutes are unknown, and not the one with the number.
#
# The option allowNonNumericNumbers=false (true by default, documented for "non-numeric tokens") refuses the quoted texts, too. An upper
# bound in the condition also excludes NaN.
#
# Seen on Linux x64 with Java 17; needs Java, Python 3.10 or newer; exits with 1 when the version behaves differently:
EXPECTED='pyspark 4.2.0
"17.8": minutes None, > 30 None, <= 10080 None; FAILFAST error; allowNonNumericNumbers=false None
"NaN": minutes nan, > 30 True, <= 10080 False; FAILFAST nan; allowNonNumericNumbers=false None
NaN: minutes nan, > 30 True, <= 10080 False; FAILFAST nan; allowNonNumericNumbers=false None
"+INF": minutes inf, > 30 True, <= 10080 False; FAILFAST inf; allowNonNumericNumbers=false None
"INF": minutes None, > 30 None, <= 10080 None; FAILFAST error; allowNonNumericNumbers=false None
"nan": minutes None, > 30 None, <= 10080 None; FAILFAST error; allowNonNumericNumbers=false None'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyspark==4.2.0

cat >program.py <<'END'
import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
print("pyspark", pyspark.__version__)


def minutes(text, **options):
    rows = spark.createDataFrame([(f'{{"minutes":{text}}}',)], "value string")
    parsed = rows.select(f.from_json("value", "minutes double", options).alias("record"))
    try:
        return parsed.selectExpr("record.minutes", "record.minutes > 30", "record.minutes <= 10080").first()
    except Exception:
        return ["error"]


for text in ['"17.8"', '"NaN"', "NaN", '"+INF"', '"INF"', '"nan"']:
    number, over, within = minutes(text)
    strict, refusing = minutes(text, mode="FAILFAST")[0], minutes(text, allowNonNumericNumbers="false")[0]
    print(
        f"{text}: minutes {number}, > 30 {over}, <= 10080 {within}; "
        f"FAILFAST {strict}; allowNonNumericNumbers=false {refusing}"
    )
END

seen=$(SPARK_LOCAL_IP=127.0.0.1 venv/bin/python program.py 2>/dev/null)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
