package checkouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A checkout by the rules of docs/reference/domain.md, without the corrections.
 *
 * @param faults the fields of a proven purchase that break a rule
 */
record Checkout(JsonNode fields, double taps, String folio, List<String> faults) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");
  private static final Pattern FOLIO = Pattern.compile("[A-Z]{3}-[0-9]{4}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]+\\.[^@\\s.]{2,}");
  private static final double QUICK_MINUTES = 30;
  private static final double LONGEST_PLAUSIBLE_MINUTES = 10_080;

  static Checkout parse(byte[] value) throws InvalidCheckoutException {
    var fields = read(value);
    var taps = fields.path("taps");
    var folio = fields.path("folio");
    var proofFaults = new ArrayList<String>();
    if (!ID.matcher(fields.path("id").asText()).matches()) proofFaults.add("id");
    if (!isAbsent(taps) && !(taps.isNumber() && taps.asDouble() >= 0)) proofFaults.add("taps");
    if (!isAbsent(folio) && !(folio.isTextual() && FOLIO.matcher(folio.asText()).matches())) proofFaults.add("folio");
    var otherFaults = faultsOf(fields);
    var isProven = proofFaults.isEmpty() && taps.asDouble() > 0 && !isAbsent(folio);
    if (!proofFaults.isEmpty() || (!otherFaults.isEmpty() && !isProven)) {
      proofFaults.addAll(otherFaults);
      throw new InvalidCheckoutException("invalid checkout: " + String.join(", ", proofFaults));
    }
    return new Checkout(fields, taps.asDouble(), isAbsent(folio) ? null : folio.asText(), otherFaults);
  }

  String kind() {
    if (!faults.isEmpty()) return "unverified";
    var completed = taps > 0;
    if (!completed && folio == null) return "none";
    if (!completed || folio == null || taps > LONGEST_PLAUSIBLE_MINUTES) return "unverified";
    return taps <= QUICK_MINUTES ? "quick" : "slow";
  }

  private static JsonNode read(byte[] value) throws InvalidCheckoutException {
    if (value == null) throw new InvalidCheckoutException("no value");
    try {
      var fields = JSON.readTree(value);
      if (!fields.isObject()) throw new InvalidCheckoutException("not a JSON object");
      return fields;
    } catch (IOException error) {
      throw new InvalidCheckoutException("not JSON");
    }
  }

  private static List<String> faultsOf(JsonNode fields) {
    var faults = new ArrayList<String>();
    for (var name : List.of("nombre", "apellido")) {
      var length = fields.path(name).asText().strip().length();
      if (!fields.path(name).isTextual() || length < 1 || length > 80) faults.add(name);
    }
    var edad = fields.path("edad");
    if (!edad.isIntegralNumber() || edad.asLong() < 0 || edad.asLong() > 130) faults.add("edad");
    if (!EMAIL.matcher(fields.path("email").asText()).matches()) faults.add("email");
    for (var name : List.of("telefono", "productovisto")) if (!fields.path(name).isTextual()) faults.add(name);
    for (var name : List.of("direccion", "ciudad", "pais"))
      if (!fields.path("ubicacion").path(name).isTextual()) faults.add("ubicacion/" + name);
    return faults;
  }

  private static boolean isAbsent(JsonNode field) {
    return field.isMissingNode() || field.isNull() || (field.isTextual() && field.asText().isEmpty());
  }
}
