// Package licensing has the messages of the service as Go types, generated from its JSON Schemas.
package licensing

//go:generate go tool go-jsonschema --package licensing --only-models --struct-name-from-title --tags json --output types.go ../../../docs/schemas/application.json ../../../docs/schemas/claims.json ../../../docs/schemas/query.dossier.json ../../../docs/schemas/query.status.json ../../../docs/schemas/receipt.json
