using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Tests.Corpus;

public class HeldOutTextsTests
{
    static readonly HeldOutTexts s_held =
        new([new("1", "Datei nicht gefunden.", "File not found."), new("2", "Fehler", "Error"),
            new("3", "Der Name ist '{0}'.", "The name is '{0}'.")]);

    [Theory]
    [InlineData("file NOT found")]
    [InlineData("Datei nicht gefunden")]
    [InlineData("The project has no target: file not found, so nothing is built")]
    [InlineData("Something is wrong. Error! Try again.")]
    [InlineData("Warnung => error")]
    [InlineData("Der Name ist \"{0}\". => It is called '{0}'.")]
    public void Finds_them_whatever_stands_around(string text) => Assert.True(s_held.AreIn(text));

    [Theory]
    [InlineData("An error occurred")]
    [InlineData("The file was not found")]
    [InlineData("A profile not foundry")]
    [InlineData("Fehlerhaft")]
    [InlineData("")]
    public void Leaves_other_texts(string text) => Assert.False(s_held.AreIn(text));

    [Fact]
    public void Nothing_is_in_no_text()
    {
        Assert.False(new HeldOutTexts([new("1", "!", "?")]).AreIn("Oh! What?"));
        Assert.False(new HeldOutTexts([]).AreIn("a b c d"));
    }
}
