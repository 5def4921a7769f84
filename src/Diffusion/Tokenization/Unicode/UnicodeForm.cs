namespace DiffusionBatch.Diffusion.Tokenization.Unicode;

/// <summary>The four normalization forms of Unicode (UAX 15).</summary>
internal enum UnicodeForm
{
    /// <summary>Canonical decomposition, then composition.</summary>
    Nfc,

    /// <summary>Canonical decomposition.</summary>
    Nfd,

    /// <summary>Compatibility decomposition, then composition.</summary>
    Nfkc,

    /// <summary>Compatibility decomposition.</summary>
    Nfkd,
}
