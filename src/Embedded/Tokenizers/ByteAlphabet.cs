namespace Microsoft.ML.Tokenizers;

/// <summary>
/// GPT-2's visible character for each byte: printable Latin-1 stands for itself, the other 68 bytes in ascending order are
/// U+0100, U+0101, ... (so a space is U+0120).
/// </summary>
internal static class ByteAlphabet
{
    static readonly char[] s_characters = Build();
    static readonly int[] s_bytes = Invert(s_characters);

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => s_characters[value];

    /// <summary>The byte of a character, or -1.</summary>
    public static int ByteOf(char character) => character < s_bytes.Length ? s_bytes[character] : -1;

    static char[] Build()
    {
        var characters = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool visible = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = (char)(visible ? b : next++);
        }
        return characters;
    }

    static int[] Invert(char[] characters)
    {
        var bytes = new int[characters.Max() + 1];
        Array.Fill(bytes, -1);
        for (int b = 0; b < characters.Length; b++) bytes[characters[b]] = b;
        return bytes;
    }
}
