using DiffusionBatch.Evaluation.Summarization;

namespace DiffusionBatch.Evaluation.Tests.Summarization;

public sealed class PorterStemmerTests
{
    // The examples of the paper (Porter 1980), each through the whole algorithm, and the words that the later rules are for.
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("ties", "tie")]
    [InlineData("dies", "die")]
    [InlineData("cats", "cat")]
    [InlineData("feed", "feed")]
    [InlineData("agreed", "agre")]
    [InlineData("plastered", "plaster")]
    [InlineData("bled", "bled")]
    [InlineData("motoring", "motor")]
    [InlineData("sing", "sing")]
    [InlineData("conflated", "conflat")]
    [InlineData("troubled", "troubl")]
    [InlineData("sized", "size")]
    [InlineData("hopping", "hop")]
    [InlineData("tanned", "tan")]
    [InlineData("falling", "fall")]
    [InlineData("hissing", "hiss")]
    [InlineData("fizzed", "fizz")]
    [InlineData("failing", "fail")]
    [InlineData("filing", "file")]
    [InlineData("happy", "happi")]
    [InlineData("enjoy", "enjoy")]
    [InlineData("spied", "spi")]
    [InlineData("died", "die")]
    [InlineData("relational", "relat")]
    [InlineData("conditional", "condit")]
    [InlineData("rational", "ration")]
    [InlineData("digitizer", "digit")]
    [InlineData("radically", "radic")]
    [InlineData("differently", "differ")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("hopefulness", "hope")]
    [InlineData("sensibility", "sensibl")]
    [InlineData("triplicate", "triplic")]
    [InlineData("formalize", "formal")]
    [InlineData("electricity", "electr")]
    [InlineData("goodness", "good")]
    [InlineData("allowance", "allow")]
    [InlineData("replacement", "replac")]
    [InlineData("adoption", "adopt")]
    [InlineData("effective", "effect")]
    [InlineData("probate", "probat")]
    [InlineData("rate", "rate")]
    [InlineData("cease", "ceas")]
    [InlineData("controlling", "control")]
    [InlineData("rolling", "roll")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    [InlineData("innings", "inning")]
    [InlineData("news", "news")]
    [InlineData("succeed", "succeed")]
    [InlineData("apology", "apolog")]
    [InlineData("geology", "geolog")]
    [InlineData("hopefully", "hope")]
    [InlineData("possibly", "possibl")]
    [InlineData("syzygy", "syzygi")]
    [InlineData("is", "is")]
    [InlineData("2010s", "2010")]
    public void Words_have_the_stems_of_nltk(string word, string stem)
    {
        char[] letters = word.ToCharArray();
        Assert.Equal(stem, new string(letters, 0, PorterStemmer.Stem(letters)));
    }

    [Fact]
    public void A_long_run_of_y_is_a_word_too() =>
        Assert.InRange(PorterStemmer.Stem(new string('y', 200_000).ToCharArray()), 199_990, 200_000);
}
