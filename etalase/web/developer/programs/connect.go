// Go 1.20 or newer: go run connect.go. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

func call(method, path string, query map[string]string, body string) string {
	secret := os.Getenv("APP_SECRET")
	all := url.Values{"app_key": {os.Getenv("APP_KEY")}, "timestamp": {fmt.Sprint(time.Now().Unix())}}
	for name, value := range query {
		all.Set(name, value)
	}
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	text := secret + path
	for _, name := range names {
		text += name + all.Get(name)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text + body + secret))
	all.Set("sign", hex.EncodeToString(mac.Sum(nil)))
	asked, _ := http.NewRequest(method, os.Getenv("ORIGIN")+path+"?"+all.Encode(), strings.NewReader(body))
	asked.Header.Set("x-tts-access-token", os.Getenv("ACCESS_TOKEN"))
	asked.Header.Set("content-type", "application/json")
	answer, err := http.DefaultClient.Do(asked)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	told, _ := io.ReadAll(answer.Body)
	return string(told)
}

func main() {
	shops := call("GET", "/authorization/202309/shops", nil, "")
	fmt.Println(shops)
	_, cipher, _ := strings.Cut(shops, `"cipher":"`)
	cipher, _, _ = strings.Cut(cipher, `"`)
	query := map[string]string{"page_size": "2", "shop_cipher": cipher}
	fmt.Println(call("POST", "/order/202309/orders/search", query, `{"order_status":"AWAITING_SHIPMENT"}`))
}
