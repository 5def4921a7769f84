using System.Globalization;
using Google.Protobuf;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>Reads SentencePiece model files.</summary>
internal static class PieceReader
{
    /// <summary>A file's content.</summary>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="TokenizerException">It is broken, of a kind that isn't supported, or lacks its unknown piece.</exception>
    public static ModelFile Read(string file, byte[] content)
    {
        ModelFile model;
        try
        {
            model = ModelFile.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TokenizerException(file, null, $"the file is no SentencePiece model, or only a part of one: {e.Message}", e);
        }
        // What is absent has its defaults.
        model.Trainer ??= new TrainerSpec();
        model.Normalizer ??= new NormalizerSpec();
        if (model.Pieces.Count == 0) throw new TokenizerException(file, null, "the file is no SentencePiece model: it has no pieces.");
        if (model.Trainer.Cut is not (CutKind.Unigram or CutKind.Bpe))
            throw new TokenizerException(file, null,
                $"the model cuts texts by {model.Trainer.Cut.ToString().ToLowerInvariant()}; Unigram and BPE models are supported.");
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Text.Length == 0)
                throw new TokenizerException(file, null, string.Create(CultureInfo.InvariantCulture, $"the model's piece {id} is empty."));
        if (UnknownId(model) < 0) throw new TokenizerException(file, null, "the model has no unknown piece.");
        if (model.Trainer.ByteFallback && Array.IndexOf(ByteIds(model), -1) is >= 0 and var missing)
            throw new TokenizerException(file, null, $"the model falls back to bytes and has no piece <0x{missing:X2}>.");
        return model;
    }

    /// <summary>The id of what no piece matches, or -1.</summary>
    public static int UnknownId(ModelFile model)
    {
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Kind == PieceKind.Unknown) return id;
        return -1;
    }

    /// <summary>The ids of the 256 bytes; -1 where there is none. // (256)</summary>
    public static int[] ByteIds(ModelFile model)
    {
        int[] ids = new int[256];
        Array.Fill(ids, -1);
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Kind == PieceKind.Byte && ByteOf(model.Pieces[id].Text) is >= 0 and var value) ids[value] = id;
        return ids;
    }

    /// <summary>The byte that a piece such as &lt;0x0A&gt; stands for, or -1.</summary>
    public static int ByteOf(string piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : -1;
}
