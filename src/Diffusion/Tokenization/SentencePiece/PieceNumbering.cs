using DiffusionBatch.Diffusion.Tokenization.Added;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// How a model's ids are counted. Its own: a piece's place in the file. XLM-R's, as fairseq had it: &lt;s&gt; 0, &lt;pad&gt; 1,
/// &lt;/s&gt; 2, &lt;unk&gt; 3, every other piece one up, &lt;mask&gt; behind the last.
/// </summary>
internal sealed class PieceNumbering
{
    const int Shift = 1;
    readonly int _pieces;
    readonly int _unknownPiece;

    PieceNumbering(bool own, int pieces, int unknownPiece, int count, SpecialTokens specials) =>
        (IsOwn, _pieces, _unknownPiece, Count, Specials) = (own, pieces, unknownPiece, count, specials);

    /// <summary>Whether ids are the file's.</summary>
    public bool IsOwn { get; }

    /// <summary>The highest id + 1, that of added tokens left out.</summary>
    public int Count { get; }

    /// <summary>The special tokens.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>XLM-R's numbering. Its relatives have other tokens behind the last piece, and the mask where their files say.</summary>
    public static PieceNumbering XlmRoberta(ModelFile model, TokenizerFiles files)
    {
        int pieces = model.Pieces.Count, mask = files.Added.IdOf(files.Name("mask_token") ?? "<mask>");
        if (mask < pieces + Shift) mask = pieces + Shift;
        return new PieceNumbering(false, pieces, PieceReader.UnknownId(model), mask + 1, new SpecialTokens(0, 1, 2, 3, mask));
    }

    /// <summary>The file's numbering, with what the folder's other files add.</summary>
    /// <exception cref="TokenizerException">A special token is not among the pieces or the added tokens.</exception>
    public static PieceNumbering Own(ModelFile model, TokenizerFiles files)
    {
        int pieces = model.Pieces.Count, unknown = PieceReader.UnknownId(model);
        var specials = new SpecialTokens(
            Id("bos_token", model.Trainer.BeginningId, "[CLS]"), Id("pad_token", -1, "<pad>", "[PAD]"),
            Id("eos_token", model.Trainer.EndId, "[SEP]"),
            Id("unk_token", unknown), Id("mask_token", -1, "<mask>", "[MASK]"));
        return new PieceNumbering(true, pieces, unknown, pieces, specials);

        int Id(string key, int fromModel, params string[] usual)
        {
            // ALBERT's kind has [CLS] and [SEP] and calls the others' tokens bos_token and eos_token, too.
            string? name = (usual is ["[CLS]"] ? files.Name("cls_token") : usual is ["[SEP]"] ? files.Name("sep_token") : null)
                ?? files.Name(key);
            if (name is not null)
                return Find(name) is >= 0 and var id
                    ? id
                    : throw new TokenizerException(
                        files.PathOf(files.Has(TokenizerFiles.SpecialMap) ? TokenizerFiles.SpecialMap : TokenizerFiles.Config), null,
                    $"the {key} \"{name}\" is neither a piece of the model nor an added token.");
            if (fromModel >= 0 && fromModel < pieces) return fromModel;
            foreach (string candidate in usual)
                if (Find(candidate) is >= 0 and var id) return id;
            return -1;
        }

        int Find(string name)
        {
            if (files.Added.IdOf(name) is >= 0 and var added) return added;
            for (int id = 0; id < pieces; id++)
                if (model.Pieces[id].Text == name) return id;
            return -1;
        }
    }

    /// <summary>The model's tokens under their ids, for added ones to be checked against.</summary>
    /// <param name="name">The model's file.</param>
    /// <param name="model">The model.</param>
    /// <param name="files">What the folder calls its special tokens.</param>
    public BaseVocabulary Vocabulary(string name, ModelFile model, TokenizerFiles files)
    {
        var special = new Dictionary<int, string>();
        if (!IsOwn)
        {
            special[Specials.Bos] = files.Name("bos_token") ?? "<s>";
            special[Specials.Pad] = files.Name("pad_token") ?? "<pad>";
            special[Specials.Eos] = files.Name("eos_token") ?? "</s>";
            special[Specials.Unk] = files.Name("unk_token") ?? "<unk>";
            special[Specials.Mask] = files.Name("mask_token") ?? "<mask>";
        }
        var ids = new Lazy<Dictionary<string, int>>(() =>
        {
            var all = special.ToDictionary(t => t.Value, t => t.Key, StringComparer.Ordinal);
            for (int piece = 0; piece < model.Pieces.Count; piece++)
                if (ToPiece(FromPiece(piece)) == piece) all.TryAdd(model.Pieces[piece].Text, FromPiece(piece));
            return all;
        });
        return new BaseVocabulary(name, token => ids.Value.GetValueOrDefault(token, -1),
            id => special.TryGetValue(id, out string? text) ? text : ToPiece(id) is >= 0 and var piece ? model.Pieces[piece].Text : null);
    }

    /// <summary>The id of a piece.</summary>
    public int FromPiece(int piece) => IsOwn ? piece : piece == _unknownPiece ? Specials.Unk : piece + Shift;

    /// <summary>The piece of an id; -1 for ids that are no piece's.</summary>
    public int ToPiece(int id)
    {
        int piece = IsOwn ? id : id <= Specials.Unk ? -1 : id - Shift;
        return piece < _pieces ? piece : -1;
    }
}
