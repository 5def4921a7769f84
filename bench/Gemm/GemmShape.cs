namespace DiffusionBatch.Bench;

/// <summary>A product to time: <paramref name="Batch"/> times m x k by k x n, and which factors lie transposed.</summary>
internal readonly record struct GemmShape(int M, int N, int K, bool TransA = false, bool TransB = false, int Batch = 1)
{
    /// <summary>Multiply-adds count as two.</summary>
    internal double Flops => 2.0 * M * N * K * Batch;

    /// <summary>Whether B is like a layer's weight in inference: few rows meet it again and again.</summary>
    internal bool Reused => Batch == 1 && TransB && M <= 128;

    /// <summary>Bytes of both factors and the result, each touched once.</summary>
    internal double Bytes => 4.0 * Batch * (((double)M * K) + ((double)K * N) + ((double)M * N));

    /// <summary>N or T for either factor.</summary>
    internal string Transposition => (TransA ? "T" : "N") + (TransB ? "T" : "N");

    /// <summary>What --case is compared with.</summary>
    internal string Name => $"{this} {Transposition}";

    /// <inheritdoc/>
    public override string ToString() => $"{(Batch > 1 ? $"{Batch} of " : "")}{M} x {N} x {K}";

    /// <summary>Squares; a hidden-256 transformer's forward, input and weight gradients; few rows; batches as attention has them.</summary>
    internal static GemmShape[] All { get; } =
    [
        new(1024, 1024, 1024),
        new(1024, 1024, 1024, TransB: true),
        new(1024, 1024, 1024, TransA: true),
        new(4096, 256, 256, TransB: true),
        new(4096, 1024, 256, TransB: true),
        new(4096, 256, 1024, TransB: true),
        new(4096, 256, 1024),
        new(4096, 8000, 256, TransB: true),
        new(256, 256, 4096, TransA: true),
        new(1024, 256, 8192, TransA: true),
        new(8000, 256, 2048, TransA: true),
        new(16, 1024, 4096),
        new(16, 1024, 4096, TransB: true),
        new(1, 768, 768),
        new(1, 768, 768, TransB: true),
        new(1, 1024, 256, TransB: true),
        new(4, 768, 768, TransB: true),
        new(8, 1024, 256, TransB: true),
        new(32, 256, 256, TransB: true),
        new(32, 8000, 256, TransB: true),
        new(128, 256, 256, TransB: true),
        new(128, 128, 64, Batch: 64),
        new(128, 128, 64, TransB: true, Batch: 64),
        new(128, 64, 128, Batch: 64),
        new(128, 64, 128, TransA: true, Batch: 64),
        new(32, 32, 64, TransB: true, Batch: 512),
        new(32, 64, 32, Batch: 512),
    ];
}
