using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using Google.Protobuf;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>SentencePiece models of a few pieces. Ids: 0 &lt;unk&gt;, 1 &lt;s&gt;, 2 &lt;/s&gt;, then what a test adds.</summary>
internal static class SmallModel
{
    /// <summary>A model without white space rules.</summary>
    public static ModelFile Of(CutKind cut, params (string Text, float Score)[] pieces)
    {
        var model = new ModelFile
        {
            Trainer = new TrainerSpec { Cut = cut },
            Normalizer = new NormalizerSpec { AddSpace = false, SingleSpaces = false }
        };
        model.With("<unk>", 0, PieceKind.Unknown).With("<s>", 0, PieceKind.Control).With("</s>", 0, PieceKind.Control);
        foreach (var (text, score) in pieces) model.With(text, score);
        return model;
    }

    /// <summary>A model of a, b and words of them, with SentencePiece's usual white space rules.</summary>
    public static ModelFile Letters(CutKind cut)
    {
        var model = Of(cut, ("\u2581", -3), ("a", -2), ("b", -2.5f), ("ab", -4), ("\u2581ab", -5), ("\u2581a", -4.75f));
        model.Normalizer = new NormalizerSpec();
        return model;
    }

    /// <summary>Adds a piece.</summary>
    public static ModelFile With(this ModelFile model, string text, float score, PieceKind kind = PieceKind.Normal)
    {
        model.Pieces.Add(new Piece { Text = text, Score = score, Kind = kind });
        return model;
    }

    /// <summary>Adds the 256 bytes.</summary>
    public static ModelFile WithBytes(this ModelFile model)
    {
        for (int b = 0; b < 256; b++) model.With($"<0x{b:X2}>", 0, PieceKind.Byte);
        model.Trainer.ByteFallback = true;
        return model;
    }

    /// <summary>Opens a model as a folder's tokenizer, in the model's own numbering.</summary>
    public static ITextTokenizer Open(this ModelFile model) => Open(model.ToByteArray());

    /// <summary>Opens a file's content.</summary>
    public static ITextTokenizer Open(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), file);
        return TokenizerFolder.Open(folder.Path)!;
    }
}
