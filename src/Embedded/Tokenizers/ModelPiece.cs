namespace Microsoft.ML.Tokenizers;

/// <summary>One piece of a SentencePiece model.</summary>
/// <param name="Start">Where its text begins in the file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Score">Unigram: the log-probability; BPE: the higher, the earlier it is merged.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct ModelPiece(int Start, int Length, float Score, PieceType Type);

/// <summary>What a piece is for; the numbers are the file format's.</summary>
internal enum PieceType
{
    /// <summary>Found in texts.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece matches.</summary>
    Unknown = 2,

    /// <summary>Never found in texts: &lt;s&gt;, &lt;/s&gt;.</summary>
    Control = 3,

    /// <summary>Found in texts before everything else, and never split or normalized.</summary>
    UserDefined = 4,

    /// <summary>Not to be given out.</summary>
    Unused = 5,

    /// <summary>One byte of what no piece matches: &lt;0x0A&gt;.</summary>
    Byte = 6,
}
