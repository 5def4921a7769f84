using System.Text;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>
/// Which names blobs may have: relative paths with `/`, whose folders and file can exist on any disk. Names come from
/// users (manifests, uploads), so that every store checks them, whatever its backend would let through.
/// </summary>
public static class BlobName
{
    /// <summary>The longest name that Azure takes.</summary>
    public const int MaxLength = 1024;

    // The most parts between slashes that Azure takes.
    const int MaxParts = 254;

    // The longest name of a folder or file that disks take, in bytes of UTF-8.
    const int MaxPartBytes = 255;

    /// <summary>The folder of a store's own files; no blob lies in it.</summary>
    public const string Reserved = ".store";

    /// <summary>Why a name can't be used; null where it can.</summary>
    public static string? Refusal(string name)
    {
        if (name.Length == 0) return "it is empty";
        if (name.Length > MaxLength) return "it is longer than 1,024 characters";
        if (name.Contains('\\', StringComparison.Ordinal)) return "folders are separated by \"/\", not by \"\\\"";
        if (name.AsSpan().ContainsAnyInRange('\0', '\u001F') || name.Contains('\u007F', StringComparison.Ordinal))
            return "it holds a control character";
        if (!IsWellFormed(name)) return "it isn't valid Unicode";
        // Listings are XML, which can't hold them.
        if (name.AsSpan().ContainsAny('\uFFFE', '\uFFFF')) return "it holds U+FFFE or U+FFFF, which isn't a character";
        if (name.AsSpan().Count('/') >= MaxParts) return "it has more than 254 parts";
        foreach (Range part in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = name.AsSpan(part);
            if (segment.IsEmpty) return "it begins or ends with \"/\", or holds an empty folder name";
            if (segment is "." or "..") return $"\"{segment}\" isn't a name";
            // A server in between that decodes once too often would take it for the folder above.
            if (segment.Contains('%') && segment.ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
                return $"\"{segment}\" is how URLs may write \".\" and \"..\"";
            if (Encoding.UTF8.GetByteCount(segment) > MaxPartBytes) return "one of its parts is longer than 255 bytes";
        }
        if (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])) return "it is absolute";
        return name.StartsWith(Reserved + "/", StringComparison.Ordinal) || name == Reserved
            ? $"\"{Reserved}\" belongs to the store"
            : null;
    }

    /// <summary>Refuses a name that can't be used.</summary>
    /// <exception cref="ArgumentException">It can't; the message says why.</exception>
    public static void Demand(string name)
    {
        if (Refusal(name) is { } why) throw new ArgumentException($"\"{name}\" can't be a blob's name: {why}.", nameof(name));
    }

    static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return false;
            i++;
        }
        return true;
    }
}

/// <summary>Which ids staged blocks may have: what is at once a file's name and, padded, Azure's equally long ids.</summary>
internal static class BlockId
{
    /// <summary>The longest id; Azure's are padded to it, since all blocks of a blob must have ids of one length.</summary>
    public const int MaxLength = 64;

    /// <summary>Refuses an id that can't be used.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds something else than letters, digits and "-".</exception>
    public static void Demand(string block)
    {
        if (block.Length is 0 or > MaxLength || !block.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new ArgumentException($"\"{block}\" can't be a block's id: it takes 1 to {MaxLength} ASCII letters, digits and \"-\".",
                nameof(block));
    }
}
