# Ruby 3, nothing else. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
require "json"
require "net/http"
require "openssl"

def call(method, path, query = {}, body = nil)
  secret = ENV.fetch("APP_SECRET")
  all = { "app_key" => ENV.fetch("APP_KEY"), "timestamp" => Time.now.to_i.to_s }.merge(query)
  raw = body ? JSON.generate(body) : ""
  text = path + all.sort.flatten.join + raw
  all["sign"] = OpenSSL::HMAC.hexdigest("SHA256", secret, secret + text + secret)
  uri = URI(ENV.fetch("ORIGIN") + path + "?" + URI.encode_www_form(all))
  asked = Net::HTTPGenericRequest.new(method, !raw.empty?, true, uri)
  asked["x-tts-access-token"] = ENV.fetch("ACCESS_TOKEN")
  asked["content-type"] = "application/json"
  asked.body = raw unless raw.empty?
  Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") { |http| JSON.parse(http.request(asked).body) }
end

shops = call("GET", "/authorization/202309/shops")["data"]["shops"]
puts shops
query = { "page_size" => "2", "shop_cipher" => shops[0]["cipher"] }
puts call("POST", "/order/202309/orders/search", query, { "order_status" => "AWAITING_SHIPMENT" })["code"]
