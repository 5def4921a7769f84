namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>A number kept for each token of a sequence: a count, a place. A new sequence begins without clearing.</summary>
internal sealed class Occurrences
{
    int[] _values = new int[1024];
    int[] _stamps = new int[1024];
    int _stamp;

    /// <summary>Begins a sequence: no token has a number.</summary>
    public void Begin() => _stamp++;

    /// <summary>A token's number, made 0 where it had none.</summary>
    /// <param name="token">From 0.</param>
    /// <param name="known">Whether it had one.</param>
    public ref int Of(int token, out bool known)
    {
        if (token >= _values.Length) Grow(token);
        known = _stamps[token] == _stamp;
        if (!known) (_stamps[token], _values[token]) = (_stamp, 0);
        return ref _values[token];
    }

    void Grow(int token)
    {
        int size = Math.Max(2 * _values.Length, token + 1);
        Array.Resize(ref _values, size);
        Array.Resize(ref _stamps, size);
    }
}
