<?php
// PHP 8 with curl. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
function call(string $method, string $path, array $query = [], ?array $body = null): array
{
    $secret = getenv('APP_SECRET');
    $query += ['app_key' => getenv('APP_KEY'), 'timestamp' => (string) time()];
    ksort($query, SORT_STRING);
    $raw = $body === null ? '' : json_encode($body);
    $text = $path;
    foreach ($query as $name => $value) {
        $text .= $name . $value;
    }
    $query['sign'] = hash_hmac('sha256', $secret . $text . $raw . $secret, $secret);
    $asked = curl_init(getenv('ORIGIN') . $path . '?' . http_build_query($query));
    curl_setopt_array($asked, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTPHEADER => ['x-tts-access-token: ' . getenv('ACCESS_TOKEN'), 'content-type: application/json'],
    ]);
    if ($raw !== '') {
        curl_setopt($asked, CURLOPT_POSTFIELDS, $raw);
    }
    return json_decode(curl_exec($asked), true);
}

$shops = call('GET', '/authorization/202309/shops')['data']['shops'];
print_r($shops);
$query = ['page_size' => '2', 'shop_cipher' => $shops[0]['cipher']];
$found = call('POST', '/order/202309/orders/search', $query, ['order_status' => 'AWAITING_SHIPMENT']);
echo $found['code'], ' ', implode(' ', array_column($found['data']['orders'], 'id')), "\n";
