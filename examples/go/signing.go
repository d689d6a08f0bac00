package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gowebpki/jcs"

	"greenlight/examples/go/licensing"
)

// lifetime is for how long a signature holds: at most 15 minutes for a command, at most 5 to read.
const lifetime = 5 * time.Minute

// Signer is an officer with their key: claims about a command in a compact JWS (RFC 7515), by Ed25519.
type Signer struct {
	Role licensing.Role
	// Log is the event log for which they sign, such as "production:5f3c1d0a-…"; it counts in no other.
	Log string

	officer struct{ Officer, Person, Organisation string }
	key     ed25519.PrivateKey
	header  string
}

// Signed is a command as it travels; the service holds the body against the claims in the token.
type Signed struct {
	Token string `json:"token"`
	Body  any    `json:"body"`
}

// reading is what somebody says of themselves who asks an HTTP server of the service for what they may read.
type reading struct {
	Sub  string         `json:"sub"`
	Role licensing.Role `json:"role"`
	Cmd  string         `json:"cmd"`
	Iat  int64          `json:"iat"`
	Exp  int64          `json:"exp"`
	Log  string         `json:"log"`
}

// NewSigner reads NAME.pem (PKCS #8), and NAME.json beside it, which says whose it is.
func NewSigner(keyFile string, role licensing.Role, log string) (*Signer, error) {
	signer := Signer{Role: role, Log: log}
	identity, err := os.ReadFile(strings.TrimSuffix(keyFile, ".pem") + ".json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(identity, &signer.officer); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file", keyFile)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds no Ed25519 key", keyFile)
	}
	signer.key = private

	public := base64.RawURLEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
	thumbprint, err := hash(map[string]string{"crv": "Ed25519", "kty": "OKP", "x": public}) // RFC 7638
	if err != nil {
		return nil, err
	}
	kid := base64.RawURLEncoding.EncodeToString(thumbprint)
	signer.header, err = encoded(map[string]string{"alg": "EdDSA", "kid": kid})
	return &signer, err
}

// Command signs a command under an id of the sender's choice; a decision also names the digest of the
// dossier that was read.
func (s *Signer) Command(name, stream string, body any, id string, dossier any) (Signed, error) {
	digest, err := Digest(body)
	if err != nil {
		return Signed{}, err
	}
	now := time.Now()
	token, err := s.token(licensing.Claims{
		Sub: s.officer.Officer, Person: s.officer.Person, Org: s.officer.Organisation, Role: s.Role,
		Aud: stream, Cmd: name, Body: digest, Dossier: dossier,
		Iat: int(now.Unix()), Exp: int(now.Add(lifetime).Unix()), Jti: id, Log: s.Log,
	})
	return Signed{token, body}, err
}

// Reading is the token with which they ask an HTTP server of the service for what they may read.
func (s *Signer) Reading() (string, error) {
	now := time.Now()
	return s.token(reading{
		Sub: s.officer.Officer, Role: s.Role, Cmd: "read",
		Iat: now.Unix(), Exp: now.Add(lifetime).Unix(), Log: s.Log,
	})
}

func (s *Signer) token(claims any) (string, error) {
	payload, err := encoded(claims)
	if err != nil {
		return "", err
	}
	signed := s.header + "." + payload
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.key, []byte(signed))), nil
}

// NewID makes the id of a command: one for each thing that is to be done.
func NewID() string { return rand.Text() }

// Digest is that of a value's canonical form (RFC 8785), as claims and dossiers have it.
func Digest(value any) (string, error) {
	sum, err := hash(value)
	return fmt.Sprintf("sha256:%x", sum), err
}

func hash(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	// Go escapes <, > and & where the canonical form does not.
	canonical, err := jcs.Transform(text)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}

func encoded(value any) (string, error) {
	text, err := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(text), err
}
