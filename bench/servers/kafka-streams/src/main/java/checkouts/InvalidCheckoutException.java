package checkouts;

/** A record that breaks a rule and does not prove a purchase. */
final class InvalidCheckoutException extends Exception {
  InvalidCheckoutException(String reason) {
    super(reason);
  }
}
