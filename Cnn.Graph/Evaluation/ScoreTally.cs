namespace Cnn.Graph.Evaluation;

/// <summary>Counts how well scores answer, batch after batch.</summary>
/// <param name="isProbability">Whether the scores are probabilities already.</param>
internal sealed class ScoreTally(bool isProbability)
{
    private int _samples;
    private long _right, _amongFive;
    private double _loss;

    public EvaluationResult Result => new(_samples, (double)_right / _samples, (double)_amongFive / _samples, _loss / _samples);

    /// <param name="scores">One row for each sample; rows beyond the labels are not looked at.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="classes">The length of a row.</param>
    public void Add(ReadOnlySpan<float> scores, ReadOnlySpan<long> labels, int classes)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = scores.Slice(i * classes, classes);
            int rank = Rank(row, (int)labels[i]);
            _right += rank == 0 ? 1 : 0;
            _amongFive += rank < 5 ? 1 : 0;
            _loss += CrossEntropy(row, (int)labels[i]);
        }

        _samples += labels.Length;
    }

    /// <summary>How many classes come before the right one; of equal scores the first counts as higher, as in ArgMax.</summary>
    private static int Rank(ReadOnlySpan<float> scores, int label)
    {
        int rank = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            // A NaN is no answer: it never beats, and is never beaten by, the right class unless that is NaN itself.
            rank += scores[k] > scores[label] || (scores[k] == scores[label] && k < label) || float.IsNaN(scores[label]) ? 1 : 0;
        }

        return rank;
    }

    private double CrossEntropy(ReadOnlySpan<float> scores, int label)
    {
        if (isProbability)
        {
            return -Math.Log(Math.Max(scores[label], float.Epsilon));
        }

        float max = float.NegativeInfinity;
        foreach (float score in scores)
        {
            max = Math.Max(max, score);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp(score - max);
        }

        return Math.Log(sum) - (scores[label] - max);
    }
}
