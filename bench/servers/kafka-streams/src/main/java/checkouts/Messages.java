package checkouts;

/** The messages of docs/reference/domain.md. */
final class Messages {
  private static final String SHORT_TIME =
      ", donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.";
  private static final String LONG_TIME =
      ", si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, "
          + "no dudes en contactarnos.";

  private Messages() {}

  /** Null for a kind whose customers are not notified. */
  static String messageFor(String kind, Checkout checkout) {
    return switch (kind) {
      case "quick" -> message(checkout, SHORT_TIME);
      case "slow" -> message(checkout, LONG_TIME);
      default -> null;
    };
  }

  private static String message(Checkout checkout, String time) {
    var nombre = checkout.fields().path("nombre").asText();
    var productovisto = checkout.fields().path("productovisto").asText();
    return "Estimad@ " + nombre + ",\n\n"
        + "¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto '" + productovisto
        + "' en nuestra tienda en línea de Falabella. Tu número de folio es: " + checkout.folio() + time
        + "\n\nSaludos.";
  }
}
