// One choice for each text: accepted when it is right, else the right label found by its letters.
import { chosen } from '../../web/journeys/lib/desk.mjs';

export async function doChoice(hand, gold, text) {
  const { tally } = hand;
  tally.readWords(text);
  const [shown] = await chosen(hand.page);
  if (shown !== undefined) tally.lookAt(1);
  if (shown !== gold) {
    await tally.at('label', async () => {
      tally.decide();
      await hand.pick(gold);
    });
  }
  tally.decide();
  await hand.press('Enter');
}
