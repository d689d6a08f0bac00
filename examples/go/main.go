// File an application for an export license, have it decided by three officers, and print its outcome.
//
//	go generate ./... && go build -o sample
//	./sample -log "$(cat KEYS/log)" -applicant KEYS/acme.pem -officer KEYS/oscar.pem \
//	    -countersigner KEYS/carla.pem -executive KEYS/vera.pem ../application.json
//
// -address and -namespace say where the service's Temporal is, -codec where its codec server is, if payloads
// are encrypted. Each part would be a program of its own; here one plays all four.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/big"
	"os"

	"go.temporal.io/sdk/client"

	"greenlight/examples/go/licensing"
)

var (
	address   = flag.String("address", "127.0.0.1:7233", "Temporal")
	namespace = flag.String("namespace", "default", "its namespace of the service")
	codec     = flag.String("codec", "", "the service's codec server, where payloads are encrypted")
	logName   = flag.String("log", "", "the event log that signatures are for")

	applicantKey     = flag.String("applicant", "", "key file")
	officerKey       = flag.String("officer", "", "key file")
	countersignerKey = flag.String("countersigner", "", "key file")
	executiveKey     = flag.String("executive", "", "key file")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(context.Background(), flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, applicationFile string) error {
	application, err := readApplication(applicationFile)
	if err != nil {
		return err
	}
	connection, err := client.Dial(client.Options{HostPort: *address, Namespace: *namespace})
	if err != nil {
		return err
	}
	defer connection.Close()

	applicant, err := part(connection, *applicantKey, licensing.RoleApplicant)
	if err != nil {
		return err
	}
	officer, err := part(connection, *officerKey, licensing.RoleLicensingOfficer)
	if err != nil {
		return err
	}
	countersigner, err := part(connection, *countersignerKey, licensing.RoleCountersigner)
	if err != nil {
		return err
	}
	executive, err := part(connection, *executiveKey, licensing.RoleExecutive)
	if err != nil {
		return err
	}

	number, err := newNumber()
	if err != nil {
		return err
	}
	// A reference of its own: the same order is not filed twice while it is pending.
	application.Reference = "PO-" + number
	filed, err := applicant.File(ctx, number, application)
	if err != nil {
		return err
	}
	stream := filed.Stream
	fmt.Printf("%s: %s, waits for %s\n", stream, filed.Status.Stage, filed.Status.WaitingFor)

	read, err := countersigner.Read(ctx, stream)
	if err != nil {
		return err
	}
	_, err = countersigner.Countersign(ctx, read, licensing.Countersign{Agrees: true})
	if refusal, ok := errors.AsType[*Refused](err); ok {
		fmt.Printf("countersigned too early: refused, %s\n", refusal.Code)
	} else if err != nil {
		return err
	}

	if read, err = officer.Read(ctx, stream); err != nil {
		return err
	}
	receipt, err := officer.Recommend(ctx, read, licensing.Recommend{
		Outcome: licensing.OutcomeGrant,
		Reasons: "A rural network in service.",
	})
	if err != nil {
		return err
	}
	fmt.Printf("recommended: %s\n", receipt.Stage)

	if read, err = countersigner.Read(ctx, stream); err != nil {
		return err
	}
	if receipt, err = countersigner.Countersign(ctx, read, licensing.Countersign{Agrees: true}); err != nil {
		return err
	}
	fmt.Printf("countersigned: %s\n", receipt.Stage)

	if read, err = executive.Read(ctx, stream); err != nil {
		return err
	}
	if receipt, err = executive.SignOff(ctx, read, licensing.SignOff{Approves: true}); err != nil {
		return err
	}
	fmt.Printf("signed off: %s\n", receipt.Stage)

	outcome, err := applicant.Outcome(ctx, stream)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %v, license %v\n", stream, outcome.Status.Outcome, outcome.Status.LicenseNumber)
	return nil
}

func part(connection client.Client, keyFile string, role licensing.Role) (*Officer, error) {
	signer, err := NewSigner(keyFile, role, *logName)
	if err != nil {
		return nil, err
	}
	return NewOfficer(connection, *namespace, signer, *codec)
}

func readApplication(file string) (licensing.Submission, error) {
	var application licensing.Submission
	text, err := os.ReadFile(file)
	if err != nil {
		return application, err
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	return application, strict.Decode(&application)
}

func newNumber() (string, error) {
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	return fmt.Sprintf("G%06d", number), err
}
