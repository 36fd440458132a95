export const firstNames = ['Ava', 'Liam', 'Noor', 'Mateo', 'Ingrid', 'Yuki', 'Amara', 'Felix', 'Chloé', 'Rafael', 'Zainab', 'Oskar', 'Mei', 'Tomasz', 'Priya', 'Hugo', 'Sofía', 'Emeka', 'Freja', 'Darius', 'Leila', 'Jonas', 'Hana', 'Viktor', 'Nia', 'Pablo', 'Elif', 'Samuel', 'Katarína', 'Marcus', 'Aiko', 'Björn', 'Camila', 'Dmitri', 'Esther', 'Gabriel', 'Imani', 'Júlia', 'Kenji', 'Léa'] as const;
export const lastNames = ['Lindqvist', 'Okafor', 'Tanaka', 'García', 'Novak', 'Haddad', 'Brandt', 'Silva', 'Kowalski', 'Iyer', 'Moreau', 'Andersen', 'Petrov', 'Nguyen', "O'Connor", 'Schäfer', 'Rossi', 'Yılmaz', 'Mbeki', 'Larsson', 'Costa', 'Weiss', 'Park', 'Delgado', 'Fischer', 'Nakamura', 'Duarte', 'Svensson', 'Khan', 'Meyer', 'Bianchi', 'Eriksen', 'Dubois', 'Hughes', 'Popescu', 'Ramírez'] as const;
export const foreignNames = ['田中 さくら', '李 伟', 'Ольга Иванова', 'محمد العلي', 'Αλέξης Παππάς', '김민준', 'שרה כהן'] as const;

const companyFirst = ['Alder', 'Blue Harbor', 'Cedar', 'Delta', 'Evergreen', 'Falcon', 'Granite', 'Harvest', 'Iron Bridge', 'Juniper', 'Kestrel', 'Lighthouse', 'Maple', 'North Star', 'Orchard', 'Pioneer', 'Quarry', 'River', 'Summit', 'Tidewater', 'Union', 'Vista', 'Westwind', 'Yellow Pine', 'Zephyr', 'Amber', 'Boreal', 'Coral', 'Driftwood', 'Ember', 'Fjord', 'Glacier', 'Horizon', 'Indigo', 'Jade', 'Krona', 'Lagoon', 'Meridian', 'Nimbus', 'Opal'] as const;
const companySecond = ['Foods', 'Logistics', 'Industries', 'Trading', 'Robotics', 'Textiles', 'Energy', 'Health', 'Systems', 'Marine', 'Farms', 'Retail', 'Labs', 'Motors', 'Packaging', 'Materials', 'Partners', 'Outfitters', 'Bakeries', 'Chemicals'] as const;
const companyEnd = ['Inc.', 'Ltd', 'GmbH', 'S.A.', 'AB', 'LLC', 'Group', 'Co.'] as const;

/** Names with what breaks careless parsers. */
export const oddCompanies = ['Smith, Jones & Sons "Quality" Ltd', 'Café Müller\nZweigstelle Köln', '東京フーズ株式会社', 'ООО «Северный ветер»', 'شركة النخيل للتجارة', 'Sunrise 🌅 Juices', "O'Malley's; \"The Grill\", Dublin", 'Ελιά & Σία Ε.Π.Ε.', '한빛 로보틱스', 'Tab\tSeparated Goods'] as const;

/** The n-th company; no two of the first 6,400 are alike. */
export function companyName(index: number): string {
  const odd = index % 97 === 13 ? oddCompanies[Math.floor(index / 97) % oddCompanies.length] : undefined;
  if (odd !== undefined) return index < 970 ? odd : `${odd} ${Math.floor(index / 970) + 1}`;
  const first = companyFirst[index % companyFirst.length] ?? 'Alder';
  const second = companySecond[Math.floor(index / companyFirst.length) % companySecond.length] ?? 'Foods';
  const end = companyEnd[(index * 7 + Math.floor(index / 800)) % companyEnd.length] ?? 'Inc.';
  return `${first} ${second} ${end}`;
}

export const cities = [
  ['New York', 'NY', 'United States', 'Americas', '10001'], ['Austin', 'TX', 'United States', 'Americas', '73301'], ['Toronto', 'ON', 'Canada', 'Americas', 'M5H 2N2'], ['São Paulo', 'SP', 'Brazil', 'Americas', '01000-000'], ['Berlin', 'BE', 'Germany', 'EMEA', '10115'],
  ['München', 'BY', 'Germany', 'EMEA', '80331'], ['London', 'England', 'United Kingdom', 'EMEA', 'EC1A 1BB'], ['Paris', 'Île-de-France', 'France', 'EMEA', '75001'], ['Göteborg', 'Västra Götaland', 'Sweden', 'EMEA', '411 03'], ['Dubai', 'Dubai', 'United Arab Emirates', 'EMEA', '00000'],
  ['東京', '東京都', 'Japan', 'APAC', '100-0001'], ['Singapore', '', 'Singapore', 'APAC', '018956'], ['Sydney', 'NSW', 'Australia', 'APAC', '2000'], ['Bengaluru', 'KA', 'India', 'APAC', '560001'],
] as const;

export const notes = ['Prefers calls in the morning.', 'Asked for "net 60" terms, again.', 'Met at the fair,\nneeds a follow-up.', 'Très intéressé 👍', 'Budget is frozen until the next quarter.', 'Decision by committee; champion left.', 'Competes with Contoso, Fabrikam; price matters.', '次回の会議で決定予定'] as const;
export const nextSteps = ['Send proposal', 'Demo for IT', 'Wait for legal', 'Call procurement', 'Confirm budget', 'Site visit', 'Security review', 'Get signature, then "celebrate" 🎉'] as const;
