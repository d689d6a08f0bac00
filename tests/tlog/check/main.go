// Command check reads a published log as a stranger does: with the libraries of the Go project, and no code of ours.
//
//	check [-cosigner KEY]... [-earlier FILE]... [-leaf INDEX=HASH]... FOLDER KEY
//
// KEY is a verifier key, HASH the base64 of a leaf's hash. It prints a line and ends with 0 where the checkpoint is
// signed by the log and all cosigners, every tile is what those below it lead to and the topmost lead to the root,
// each earlier checkpoint is of a beginning of the log, and each leaf is at its index. Else it names the first fault
// and ends with 1.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// words collects a flag that may be given again.
type words []string

func (w *words) String() string         { return strings.Join(*w, " ") }
func (w *words) Set(value string) error { *w = append(*w, value); return nil }

// witness verifies cosignatures of type 0x04 (c2sp.org/tlog-cosignature), which the note package does not know.
type witness struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.id }

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature[:8]), text)
	return ed25519.Verify(w.public, []byte(signed), signature[8:])
}

func parseWitness(key string) (note.Verifier, error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a key has three parts")
	}
	encoded, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(encoded) != 1+ed25519.PublicKeySize || encoded[0] != 4 {
		return nil, fmt.Errorf("%s has no key for cosignatures", parts[0])
	}
	digest := sha256.Sum256([]byte(parts[0] + "\n" + string(encoded)))
	id := binary.BigEndian.Uint32(digest[:4])
	if parts[1] != fmt.Sprintf("%08x", id) {
		return nil, fmt.Errorf("%s has another id", parts[0])
	}
	return witness{parts[0], id, encoded[1:]}, nil
}

// head is what a checkpoint says.
type head struct {
	origin string
	tree   tlog.Tree
}

// readHead reads a checkpoint that all of the keys must have signed.
func readHead(path string, keys ...note.Verifier) (head, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return head{}, err
	}
	// The note package takes base64 with spare bits set: another spelling of the same signature.
	for _, line := range strings.Split(string(content), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "—" {
			if _, err := base64.StdEncoding.Strict().DecodeString(fields[2]); err != nil {
				return head{}, err
			}
		}
	}
	opened, err := note.Open(content, note.VerifierList(keys...))
	if err != nil {
		return head{}, err
	}
	if len(opened.Sigs) != len(keys) {
		return head{}, fmt.Errorf("%d of %d have signed", len(opened.Sigs), len(keys))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return head{}, errors.New("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return head{}, err
	}
	if lines[0] != keys[0].Name() {
		return head{}, fmt.Errorf("it is of the log %s", lines[0])
	}
	return head{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

// place is where C2SP has a tile: the Go project's own paths have the height in front.
func place(t tlog.Tile) string {
	_, path, _ := strings.Cut(strings.TrimPrefix(t.Path(), "tile/"), "/")
	return filepath.Join("tile", filepath.FromSlash(path))
}

// forest computes every hash of the tree from the leaves in the lowest tiles.
type forest []tlog.Hash

func (f forest) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, 0, len(indexes))
	for _, index := range indexes {
		if index >= int64(len(f)) {
			return nil, errors.New("no such hash")
		}
		found = append(found, f[index])
	}
	return found, nil
}

// readTiles grows the tree from the lowest tiles, then holds every other tile of it against what it should be.
func readTiles(folder string, size int64) (forest, error) {
	var grown forest
	for level, wide := 0, size; wide > 0; level, wide = level+1, wide>>height {
		for at := int64(0); at < wide; at += 1 << height {
			width := min(wide-at, 1<<height)
			tile := tlog.Tile{H: height, L: level, N: at >> height, W: int(width)}
			content, err := os.ReadFile(filepath.Join(folder, place(tile)))
			if err != nil {
				return nil, err
			}
			if len(content) != tile.W*tlog.HashSize {
				return nil, fmt.Errorf("%s has %d bytes", place(tile), len(content))
			}
			if level > 0 {
				due, err := tlog.ReadTileData(tile, grown)
				if err != nil {
					return nil, err
				}
				if !bytes.Equal(content, due) {
					return nil, fmt.Errorf("%s is not what those below lead to", place(tile))
				}
				continue
			}
			for i := int64(0); i < width; i++ {
				leaf := tlog.Hash(content[i*tlog.HashSize : (i+1)*tlog.HashSize])
				more, err := tlog.StoredHashesForRecordHash(at+i, leaf, grown)
				if err != nil {
					return nil, err
				}
				grown = append(grown, more...)
			}
		}
	}
	return grown, nil
}

func check(folder, key string, cosigners, earlier, leaves []string) error {
	log, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	keys := []note.Verifier{log}
	for _, text := range cosigners {
		cosigner, err := parseWitness(text)
		if err != nil {
			return err
		}
		keys = append(keys, cosigner)
	}
	now, err := readHead(filepath.Join(folder, "checkpoint"), keys...)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	grown, err := readTiles(folder, now.tree.N)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(now.tree.N, grown)
	if err != nil {
		return err
	}
	if root != now.tree.Hash {
		return errors.New("the tiles lead to another root")
	}
	for _, path := range earlier {
		before, err := readHead(path, log)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if before.tree.N == 0 {
			continue
		}
		proof, err := tlog.ProveTree(now.tree.N, before.tree.N, grown)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, now.tree.N, root, before.tree.N, before.tree.Hash); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, text := range leaves {
		number, hash, _ := strings.Cut(text, "=")
		index, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return err
		}
		leaf, err := tlog.ParseHash(hash)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(now.tree.N, index, grown)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, now.tree.N, root, index, leaf); err != nil {
			return fmt.Errorf("leaf %d: %w", index, err)
		}
	}
	fmt.Printf("%s: %d entries\n", now.origin, now.tree.N)
	return nil
}

func main() {
	var cosigners, earlier, leaves words
	flag.Var(&cosigners, "cosigner", "verifier `key` that must have cosigned")
	flag.Var(&earlier, "earlier", "`file` of an earlier checkpoint")
	flag.Var(&leaves, "leaf", "`index=hash` of an entry")
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := check(flag.Arg(0), flag.Arg(1), cosigners, earlier, leaves); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
