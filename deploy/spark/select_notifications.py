"""The rules of docs/reference/domain.md as a Spark query: parse, select the purchases, classify, word the message.

It reads a record as from_json does by default. docs/explanation/spark.md lists where that differs from the processor.
"""

from pyspark.sql import functions as f

CHECKOUT = """
    id string, nombre string, apellido string, edad int, email string, telefono string,
    ubicacion struct<direccion: string, ciudad: string, pais: string>,
    productovisto string, taps double, folio string,
    recorrido array<struct<etapa: string, segundos: double, error: string>>
"""
THRESHOLD_MINUTES = 30
STORE_NAME = "Falabella"
GREETING = "Estimad@ "
PURCHASE = ",\n\n¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto '"
STORE = f"' en nuestra tienda en línea de {STORE_NAME}. Tu número de folio es: "
QUICK = "donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma."
SLOW = (
    "si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, "
    "no dudes en contactarnos."
)
CLOSING = "\n\nSaludos."


def header(name):
    return f.expr(f"cast(get(filter(headers, header -> header.key = '{name}'), 0).value as string)")


def select_notifications(records, fields=CHECKOUT):
    """From records of DataTopic (Kafka source, with headers) to one row for each notification.

    Only `fields` are parsed.
    """
    parsed = records.select(
        header("event-id").alias("eventId"),
        header("received-at").alias("receivedAt"),
        f.struct("partition", "offset").alias("source"),
        f.from_json(f.col("value").cast("string"), fields).alias("checkout"),
    )
    taps, folio = f.col("checkout.taps"), f.col("checkout.folio")
    bought = parsed.where((taps > 0) & folio.isNotNull())
    is_quick = taps <= THRESHOLD_MINUTES
    message = f.concat(
        f.lit(GREETING),
        f.col("checkout.nombre"),
        f.lit(PURCHASE),
        f.col("checkout.productovisto"),
        f.lit(STORE),
        folio,
        f.lit(", "),
        f.when(is_quick, QUICK).otherwise(SLOW),
        f.lit(CLOSING),
    )
    return bought.select(
        "eventId",
        f.when(is_quick, "quick").otherwise("slow").alias("kind"),
        message.alias("message"),
        "checkout",
        "receivedAt",
        "source",
    )
