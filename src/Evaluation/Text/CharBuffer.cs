namespace DiffusionBatch.Evaluation.Text;

/// <summary>A growing run of characters that is used again for every segment.</summary>
internal sealed class CharBuffer
{
    char[] _items = new char[256];
    int _length;

    public ReadOnlySpan<char> Written => _items.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add(char c)
    {
        if (_length == _items.Length) Array.Resize(ref _items, 2 * _length);
        _items[_length++] = c;
    }

    public void Add(ReadOnlySpan<char> text) => text.CopyTo(Extend(text.Length));

    /// <summary>Room for more characters, which the caller fills.</summary>
    public Span<char> Extend(int count)
    {
        while (_length + count > _items.Length) Array.Resize(ref _items, 2 * _items.Length);
        _length += count;
        return _items.AsSpan(_length - count, count);
    }
}
