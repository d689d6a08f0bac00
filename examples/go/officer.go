package main

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"greenlight/examples/go/licensing"
)

const (
	taskQueue = "licensing"

	tries = 5
	pause = 500 * time.Millisecond
)

// Refused is a command that was not accepted. Programs act on its code, people read the message.
type Refused struct{ Code, Message string }

func (r *Refused) Error() string { return "refused, " + r.Code + ": " + r.Message }

// Officer is one of them at the service: files, reads and decides, over Temporal.
type Officer struct {
	signer   *Signer
	temporal client.Client
}

// NewOfficer gives an officer a client of their own on a connection that is there.
//
// codec is the address of the service's codec server; without one, payloads are sent and read in plain.
func NewOfficer(connection client.Client, namespace string, signer *Signer, codec string) (*Officer, error) {
	options := client.Options{Namespace: namespace}
	if codec != "" {
		options.DataConverter = converter.NewCodecDataConverter(
			converter.GetDefaultDataConverter(), caseCodec{endpoint: codec, namespace: namespace, signer: signer},
		)
		// It reads the words of failures, which are encrypted as well.
		options.FailureConverter = temporal.NewDefaultFailureConverter(
			temporal.DefaultFailureConverterOptions{DataConverter: options.DataConverter},
		)
	}
	own, err := client.NewClientFromExisting(connection, options)
	return &Officer{signer, own}, err
}

// File an application under a control number of your choice; it returns once that is on record.
func (o *Officer) File(
	ctx context.Context, number string, application licensing.Submission,
) (licensing.QueryStatus, error) {
	var registered licensing.QueryStatus
	stream := "application-" + number
	command, err := o.signer.Command("submit", stream, licensing.Submit{Application: application}, NewID(), nil)
	if err != nil {
		return registered, err
	}
	start := o.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID:                       stream,
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
	}, "LicenseApplication", command)
	update, err := o.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			WorkflowID:   stream,
			UpdateName:   "registered",
			WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err == nil {
		err = update.Get(ctx, &registered)
	}
	return registered, refused(err)
}

// Dossier is what a decision rests on, as it was read.
type Dossier struct {
	Stream, Digest string
	Content        licensing.Dossier
}

// Read the dossier of a case. Its digest is computed from what is shown: nobody else's word is signed.
func (o *Officer) Read(ctx context.Context, stream string) (Dossier, error) {
	shown, err := o.temporal.QueryWorkflow(ctx, stream, "", "dossier")
	if err != nil {
		return Dossier{}, err
	}
	var answer licensing.QueryDossier
	if err := shown.Get(&answer); err != nil {
		return Dossier{}, err
	}
	digest, err := Digest(answer.Dossier)
	return Dossier{stream, digest, answer.Dossier}, err
}

// Recommend to grant or to deny, on the dossier that was read.
func (o *Officer) Recommend(
	ctx context.Context, read Dossier, body licensing.Recommend,
) (licensing.Receipt, error) {
	return o.decide(ctx, "recommend", read, body)
}

// Countersign what another officer recommended.
func (o *Officer) Countersign(
	ctx context.Context, read Dossier, body licensing.Countersign,
) (licensing.Receipt, error) {
	return o.decide(ctx, "countersign", read, body)
}

// SignOff gives the executive's word.
func (o *Officer) SignOff(
	ctx context.Context, read Dossier, body licensing.SignOff,
) (licensing.Receipt, error) {
	return o.decide(ctx, "sign_off", read, body)
}

// Outcome of a case, once it has one.
func (o *Officer) Outcome(ctx context.Context, stream string) (licensing.QueryStatus, error) {
	var outcome licensing.QueryStatus
	err := o.temporal.GetWorkflow(ctx, stream, "").Get(ctx, &outcome)
	return outcome, err
}

func (o *Officer) decide(
	ctx context.Context, name string, read Dossier, body any,
) (licensing.Receipt, error) {
	id := NewID()
	command, err := o.signer.Command(name, read.Stream, body, id, read.Digest)
	if err != nil {
		return licensing.Receipt{}, err
	}
	// No answer is no refusal: under one id a command happens once, however often it is sent.
	for try := 1; ; try++ {
		var receipt licensing.Receipt
		update, err := o.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID:   read.Stream,
			UpdateID:     id,
			UpdateName:   name,
			Args:         []any{command},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err == nil {
			err = update.Get(ctx, &receipt)
		}
		if !silence(err) || try == tries {
			return receipt, refused(err)
		}
		time.Sleep(pause)
	}
}

// refused is the refusal that an error of Temporal's carries, or the error itself.
func refused(err error) error {
	if failure, ok := errors.AsType[*temporal.ApplicationError](err); ok && failure.Type() != "" {
		return &Refused{failure.Type(), failure.Message()}
	}
	return err
}

// silence is an error that leaves open what became of a command. While Temporal is away, the SDK itself tries
// again.
func silence(err error) bool {
	_, lost := errors.AsType[*client.WorkflowUpdateServiceTimeoutOrCanceledError](err)
	_, busy := errors.AsType[*serviceerror.FailedPrecondition](err)
	return lost || busy
}
