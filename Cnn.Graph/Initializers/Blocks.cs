using Cnn.Graph.Randomness;

namespace Cnn.Graph;

/// <content>Weights that are several layers' weights in one.</content>
public abstract partial record Initializer
{
    /// <summary>This initialiser for each of several blocks of weights that lie one behind the other along the first axis.</summary>
    internal Initializer InBlocks(int count) => new Blocks(this, count);

    private sealed record Blocks(Initializer Block, int Count) : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            int size = numbers.Length / Count;
            long[] block = [dims[0] / Count, .. dims.Skip(1)];
            for (int i = 0; i < Count; i++)
            {
                Block.Fill(numbers.Slice(i * size, size), block, Fans.Of(block), random.Substream(i));
            }
        }
    }
}
