// Java 17, nothing else: java Connect.java. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Connect {
    static String call(String method, String path, Map<String, String> query, String body) throws Exception {
        String secret = System.getenv("APP_SECRET");
        TreeMap<String, String> all = new TreeMap<>(query);
        all.put("app_key", System.getenv("APP_KEY"));
        all.put("timestamp", String.valueOf(System.currentTimeMillis() / 1000));
        StringBuilder text = new StringBuilder(secret).append(path);
        all.forEach((name, value) -> text.append(name).append(value));
        text.append(body).append(secret);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        all.put("sign", HexFormat.of().formatHex(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8))));
        String line = all.entrySet().stream()
            .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        HttpRequest asked = HttpRequest.newBuilder(URI.create(System.getenv("ORIGIN") + path + "?" + line))
            .header("x-tts-access-token", System.getenv("ACCESS_TOKEN"))
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(asked, HttpResponse.BodyHandlers.ofString()).body();
    }

    public static void main(String[] args) throws Exception {
        String shops = call("GET", "/authorization/202309/shops", Map.of(), "");
        System.out.println(shops);
        String cipher = shops.split("\"cipher\":\"")[1].split("\"")[0];
        Map<String, String> query = Map.of("page_size", "2", "shop_cipher", cipher);
        String wanted = "{\"order_status\":\"AWAITING_SHIPMENT\"}";
        System.out.println(call("POST", "/order/202309/orders/search", query, wanted));
    }
}
