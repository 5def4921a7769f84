using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// How byte-level vocabularies write a byte as one visible character (GPT-2): printable Latin-1 stands for itself, the other
/// 68 bytes in ascending order are U+0100, U+0101, ...; a space is "Ġ".
/// </summary>
internal static class ByteAlphabet
{
    static readonly char[] s_characters = Build();
    static readonly string[] s_texts = [.. s_characters.Select(c => c.ToString())];

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => s_characters[value];

    /// <summary>The character of a byte, as a token.</summary>
    public static string TextOf(byte value) => s_texts[value];

    /// <summary>The bytes of a token as the vocabulary writes it, or null where a character stands for no byte.</summary>
    public static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int b = Array.IndexOf(s_characters, token[i]);
            if (b < 0) return null;
            bytes[i] = (byte)b;
        }
        return bytes;
    }

    /// <summary>A text as the vocabulary would write it.</summary>
    public static string Spell(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, (span, all) =>
        {
            for (int i = 0; i < all.Length; i++) span[i] = s_characters[all[i]];
        });
    }

    static char[] Build()
    {
        var characters = new char[256];
        int next = 0x100;
        for (int b = 0; b < 256; b++)
        {
            bool visible = b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = (char)(visible ? b : next++);
        }
        return characters;
    }
}
