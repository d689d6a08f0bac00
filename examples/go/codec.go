package main

import (
	"net/http"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// caseCodec has the payloads of a case encrypted and opened by the service's codec server, which has the keys.
type caseCodec struct {
	endpoint, namespace string
	signer              *Signer
	// stream is the case, by its workflow's id: what is encrypted for one opens in no other.
	stream string
}

// WithSerializationContext is how the SDK says whose payloads come.
func (c caseCodec) WithSerializationContext(of converter.SerializationContext) converter.PayloadCodec {
	if workflow, ok := of.(converter.WorkflowSerializationContext); ok {
		c.stream = workflow.WorkflowID
	}
	return c
}

func (c caseCodec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	return c.remote().Encode(payloads)
}

func (c caseCodec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	return c.remote().Decode(payloads)
}

func (c caseCodec) remote() converter.PayloadCodec {
	return converter.NewRemotePayloadCodec(converter.RemotePayloadCodecOptions{
		Endpoint: c.endpoint,
		ModifyRequest: func(request *http.Request) error {
			token, err := c.signer.Reading()
			request.Header.Set("Authorization", "Bearer "+token)
			request.Header.Set("X-Namespace", c.namespace)
			request.Header.Set("X-Greenlight-Case", c.stream)
			return err
		},
	})
}
