# Perl 5.14 or newer, nothing else. ORIGIN, APP_KEY, APP_SECRET and ACCESS_TOKEN come from the environment.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;

sub call {
    my ($method, $path, $query, $body) = @_;
    my $secret = $ENV{APP_SECRET};
    my %all = (app_key => $ENV{APP_KEY}, timestamp => time, %$query);
    my $text = join '', $path, (map { $_ . $all{$_} } sort keys %all), $body;
    $all{sign} = hmac_sha256_hex($secret . $text . $secret, $secret);
    my $http = HTTP::Tiny->new;
    my $url = "$ENV{ORIGIN}$path?" . $http->www_form_urlencode(\%all);
    my %headers = ('x-tts-access-token' => $ENV{ACCESS_TOKEN}, 'content-type' => 'application/json');
    return $http->request($method, $url, { headers => \%headers, content => $body })->{content};
}

my $shops = call('GET', '/authorization/202309/shops', {}, '');
print "$shops\n";
my ($cipher) = $shops =~ /"cipher":"([^"]+)"/;
my %query = (page_size => 2, shop_cipher => $cipher);
print call('POST', '/order/202309/orders/search', \%query, '{"order_status":"AWAITING_SHIPMENT"}'), "\n";
