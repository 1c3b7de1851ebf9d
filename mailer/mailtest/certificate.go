package mailtest

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"time"
)

// authority is a certificate authority of one process and the server
// certificate that it signed.
type authority struct {
	pool   *x509.CertPool
	server tls.Certificate
}

// newAuthority makes both for the hosts, which may be names or IP addresses.
// The certificates hold from 1990 to 2100, so that virtual clocks and stepping
// clocks find them valid. random is the source of the keys.
func newAuthority(random io.Reader, hosts []string) (*authority, error) {
	caKey, caCert, err := newCA(random)
	if err != nil {
		return nil, fmt.Errorf("making the certificate authority: %w", err)
	}
	public, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("making the server's key: %w", err)
	}
	leaf := certificateTemplate(2, "mail server of the sandbox")
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
			continue
		}
		leaf.DNSNames = append(leaf.DNSNames, h)
	}
	der, err := x509.CreateCertificate(random, leaf, caCert, public, caKey)
	if err != nil {
		return nil, fmt.Errorf("signing the server's certificate: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(caCert)
	return &authority{pool: pool, server: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}}, nil
}

// newCA makes a key and the certificate that it signs itself.
func newCA(random io.Reader) (ed25519.PrivateKey, *x509.Certificate, error) {
	public, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, nil, err
	}
	ca := certificateTemplate(1, "sandbox authority")
	ca.IsCA = true
	ca.KeyUsage |= x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(random, ca, ca, public, private)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return private, cert, err
}

// certificateTemplate holds what both certificates share.
func certificateTemplate(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
}

// serverTLS is the server's side of every handshake. Session tickets are off:
// they would be the only bytes that a server sends unasked after it, and would
// blur what a cut after n bytes means.
func (a *authority) serverTLS() *tls.Config {
	return &tls.Config{
		Certificates:           []tls.Certificate{a.server},
		MinVersion:             tls.VersionTLS12,
		SessionTicketsDisabled: true,
	}
}
