using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Tests.Corpus;

public class MessageTextTests
{
    [Theory]
    [InlineData("File  not\tfound. ", " Datei nicht gefunden.", "File not found.", "Datei nicht gefunden.")]
    [InlineData("MSB4011: It fails.", "MSB4011: Es scheitert.", "It fails.", "Es scheitert.")]
    [InlineData("Took {0:N2} of {1,-5}", "{1} davon {0}", "Took {0} of {1}", "{1} davon {0}")]
    public void Cleans_both_sides(string english, string german, string cleanEnglish, string cleanGerman) =>
        Assert.Equal((cleanEnglish, cleanGerman), MessageText.Clean(english, german));

    [Theory]
    [InlineData("Same", "same")]
    [InlineData("", "Leer")]
    [InlineData("   ", "Leer")]
    [InlineData("--{0}--", "=={0}==")]
    [InlineData("One\nTwo", "Eins Zwei")]
    [InlineData("Took {0}", "Dauerte")]
    [InlineData("Took {0}", "Dauerte {1}")]
    [InlineData("A\u0007bell", "Eine Glocke")]
    public void Refuses_what_is_no_translation(string english, string german) => Assert.Null(MessageText.Clean(english, german));

    [Fact]
    public void Keys_ignore_case_and_punctuation()
    {
        Assert.Equal(MessageText.Key("Cannot open '{0}'."), MessageText.Key("cannot open \"{0}\""));
        Assert.NotEqual(MessageText.Key("Cannot open"), MessageText.Key("Can not open"));
    }

    [Theory]
    [InlineData("de-en", "de", "en")]
    [InlineData("en-fr", "en", "fr")]
    [InlineData("pt-BR-en", "pt-BR", "en")]
    [InlineData("en-zh-Hans", "en", "zh-Hans")]
    public void Reads_pairs_of_languages(string text, string source, string target) =>
        Assert.Equal((source, target), CorpusOptions.ParseLanguages(text));

    [Theory]
    [InlineData("de-fr")]
    [InlineData("en")]
    [InlineData("-en")]
    [InlineData("")]
    public void Refuses_other_pairs(string text) => Assert.Throws<UserException>(() => CorpusOptions.ParseLanguages(text));
}
