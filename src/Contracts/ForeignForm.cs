namespace DiffusionBatch.Contracts;

/// <summary>
/// Tells by a file's first bytes that it can't be JSONL in UTF-8 but is another common form, and how to make JSONL of it: one
/// sentence for the whole file, where its lines would give as many errors as they are.
/// </summary>
public static class ForeignForm
{
    /// <summary>How many of a file's first bytes are enough.</summary>
    public const int HeadBytes = 512;

    static readonly (byte[] Magic, string What)[] s_packed =
    [
        ([0x1F, 0x8B], "compressed by gzip; unpack it first: gunzip FILE"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed by Zstandard; unpack it first: zstd -d FILE"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive; unpack it first: unzip FILE"),
        ([0x50, 0x4B, 0x05, 0x06], "an empty ZIP archive; expected one JSON object a line"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed by xz; unpack it first: unxz FILE"),
        ([0x42, 0x5A, 0x68], "compressed by bzip2; unpack it first: bunzip2 FILE"),
        ([0x04, 0x22, 0x4D, 0x18], "compressed by LZ4; unpack it first: lz4 -d FILE"),
        ([0x50, 0x41, 0x52, 0x31], "a Parquet file; write it as JSONL, one JSON object a line"),
    ];

    /// <summary>What the file is and what to do, to stand behind "the file is"; null where it may be JSONL.</summary>
    /// <param name="head">The file's first bytes: all, or at least <see cref="HeadBytes"/>.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] magic, string what) in s_packed)
            if (head.StartsWith(magic)) return "the file is " + what;
        if (Encoding(head) is { } encoding)
            return $"the file is in {encoding}, not in UTF-8; convert it first: iconv -f {encoding} -t UTF-8 FILE";
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        ReadOnlySpan<byte> text = head.TrimStart(" \t\r\n"u8);
        if (text.Length == 0) return null;
        ReadOnlySpan<byte> rest = text[1..].TrimStart(" \t\r"u8), inner = rest.TrimStart(" \t\r\n"u8);
        return text[0] switch
        {
            // A line that is a list of other things is told as that line.
            (byte)'[' when rest.Length == 0 || inner.Length == 0 || inner[0] is (byte)'{'
                || (rest[0] is (byte)'\n' && inner[0] is not (byte)'{') =>
                    "the file is one JSON array; expected one JSON object a line: jq -c '.[]' FILE",
            (byte)'{' when rest.Length > 0 && rest[0] is (byte)'\n' && inner.Length > 0 =>
                "the file is JSON whose objects go over several lines; expected one JSON object a line: jq -c . FILE",
            _ => null,
        };
    }

    /// <summary>As <see cref="Of"/>, of a file on this machine.</summary>
    public static string? OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        Span<byte> head = stackalloc byte[HeadBytes];
        return Of(head[..file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]);
    }

    // By its mark, or by where the zeros of its first ASCII characters stand.
    static string? Encoding(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => "UTF-32",
        [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
        [not 0, 0, 0, 0, ..] => "UTF-32LE",
        [0, 0, 0, not 0, ..] => "UTF-32BE",
        [not 0, 0, not 0, 0, ..] or [not 0, 0] => "UTF-16LE",
        [0, not 0, 0, not 0, ..] or [0, not 0] => "UTF-16BE",
        _ => null,
    };
}
